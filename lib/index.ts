export * from './constructs';
export { manifestJsonSchema } from './manifest';
export { type BastionOptions, Become, ResourceType, type SshTargetOptions, Target } from './terraform';
