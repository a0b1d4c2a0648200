export * from './constructs';
export { type Manifest, manifestJsonSchema, manifestSchema } from './manifest';
export { ResourceType, Target } from './terraform';
