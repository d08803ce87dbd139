// Loaded into the Node 24 child of sallyport.mjs: when that parent is killed and can pass on nothing, the child must not
// live on unseen with the ports and the log. Only the direct child: what it starts itself inherits this import too.
const parent = Number(new URL(import.meta.url).searchParams.get('parent'));
if (process.ppid === parent && process.channel) {
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
  // The listener would keep a finished command from ending.
  process.channel.unref();
}
