import { join } from 'node:path';
import { Manifest, type TerraformStack } from 'cdktf';

/**
 * The folder of a stack, seen from that of the app. Not asked of cdktf's manifest: that notes what the stack depends on when it is
 * asked first, and references to other stacks may come later.
 */
export const folderOf = ({ node }: TerraformStack): string => join(Manifest.stacksFolder, node.id);
