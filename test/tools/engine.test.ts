import { Resource } from '@cdktf/provider-null/lib/resource';
import { TerraformResource } from 'cdktf';
import * as cdktf from 'cdktf/package.json';

test('the suite runs on the engine that was asked for', () => {
  expect(cdktf.name).toBe(process.env['METAL_FABRIC_ENGINE'] ?? 'cdktf');
});

test('the provider and the app share one copy of the engine', () => {
  expect(Resource.prototype).toBeInstanceOf(TerraformResource);
});
