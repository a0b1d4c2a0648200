import { type IResolveContext, Lazy } from 'cdktf';

/** A text that is known when the stack is written. Inside a function of Terraform, where cdktf writes it as it is, quoted. */
export function laterText(produce: () => string): string {
  return Lazy.stringValue({
    produce: ({ suppressBraces }: IResolveContext) => (suppressBraces === true ? `"${produce()}"` : produce()),
  });
}
