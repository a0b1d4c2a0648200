import { Refusal } from '../refusal';

/** That devices cannot be compared or repaired as asked; none was changed. */
export class ApplyError extends Refusal {}
