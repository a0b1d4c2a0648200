import { Refusal } from '../refusal';

/** That the virtual fabric cannot do what it was asked to; what was started for it is gone. */
export class LabError extends Refusal {}
