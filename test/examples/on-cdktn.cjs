// Loaded into a child process so that `cdktf` is cdktn there, as jest.config.js does it for the tests.
const Module = require('node:module');

const resolve = Module._resolveFilename;
Module._resolveFilename = (request, ...rest) => resolve(request.replace(/^cdktf(?=$|\/)/, 'cdktn'), ...rest);
