// @ts-check
// The end of the loader's script: it stands behind the constants of modules.py and the files that it uses.

const kernelBytes = Uint8Array.from(atob(KERNEL), (letter) => letter.charCodeAt(0));

export default component((parent, send) => new Loader(parent, send, WORKER, kernelBytes));
