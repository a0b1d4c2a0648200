export * from './output-error';
export * from './read-fabric';
export * from './read-output';
