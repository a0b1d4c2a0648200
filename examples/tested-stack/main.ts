import { App } from 'cdktf';
import { declareFabric } from './stack';

const app = new App();
declareFabric(app);
app.synth();
