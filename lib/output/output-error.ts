import { Refusal } from '../refusal';

/** That there is no output where one was named, or that it is not whole. */
export class OutputError extends Refusal {}
