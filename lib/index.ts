export * from './constructs';
export { manifestJsonSchema } from './manifest';
export { ResourceType, Target } from './terraform';
