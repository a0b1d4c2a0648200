export * from './derive';
export * from './device-config';
export * from './files';
export { localAddress } from './interfaces';
export { vrfName } from './names';
export { Topology } from './topology';
