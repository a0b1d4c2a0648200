/** A text of a user as Terraform must write it so that it means nothing but itself: no interpolation, no directive. */
export function terraformText(text: string): string {
  return text.replace(/([$%])\{/g, '$1$1{');
}
