// Loaded into the started product: with each SIGUSR2 the clock of its machine is 5 minutes and a second further on.
const step = 301_000;
let ahead = 0;
const Wall = globalThis.Date;
const now = () => Wall.now() + ahead;

globalThis.Date = new Proxy(Wall, {
  construct: (target, given, as) => Reflect.construct(target, given.length === 0 ? [now()] : given, as),
  apply: () => new Wall(now()).toString(),
  get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
});

process.on('SIGUSR2', () => {
  ahead += step;
  console.error(`the clock is ${ahead} ms ahead`);
});
