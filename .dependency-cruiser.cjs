// The one-way imports of the house, and the purity of detectors (docs/decisions/0001-house.md).
const service = '^services/(emitter|loop-detector|drift-detector|meter|anomaly-detector|landing|scheduler)/';
const detector = '^services/(loop-detector|drift-detector|meter|anomaly-detector)/src/';
// service.ts wires a role, index.ts re-exports it; tests and what they share (src/testing/) stand outside the pure core.
const rim = '/(service|index)\\.ts$|\\.test\\.ts$|/src/testing/';

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'schemas-import-nothing-of-ours',
      severity: 'error',
      from: { path: '^schemas/' },
      to: { path: '^(services|infra|scripts)/' },
    },
    {
      name: 'runtime-imports-schemas-alone',
      severity: 'error',
      from: { path: '^services/runtime/', pathNot: '\\.(integration|e2e)\\.test\\.ts$' },
      to: { path: '^(services/(?!runtime/)|infra|scripts)/' },
    },
    {
      name: 'no-service-imports-another',
      severity: 'error',
      from: {
        path: '^services/(emitter|loop-detector|drift-detector|meter|anomaly-detector|landing|scheduler)/',
        pathNot: '\\.(integration|e2e)\\.test\\.ts$',
      },
      to: { path: service, pathNot: '^services/$1/' },
    },
    {
      name: 'nothing-imports-the-cli',
      severity: 'error',
      from: { pathNot: '^(services/cli|scripts)/|\\.e2e\\.test\\.ts$' },
      to: { path: '^services/cli/' },
    },
    {
      name: 'detectors-are-pure',
      comment: 'No clock, no I/O, no randomness: a pure file imports schemas, fastest-levenshtein and its own folder.',
      severity: 'error',
      from: { path: detector, pathNot: rim },
      to: { pathNot: ['^schemas/', 'fastest-levenshtein', '^services/$1/src/(?!service\\.ts)'] },
    },
    {
      name: 'kafkajs-behind-one-file',
      severity: 'error',
      from: {
        path: '^(schemas|services)/',
        pathNot: ['^services/runtime/src/kafka', '\\.(integration|e2e)\\.test\\.ts$'],
      },
      to: { path: 'node_modules/kafkajs' },
    },
    {
      name: 'simulator-knows-no-detector',
      severity: 'error',
      from: { path: '^services/cli/src/simulate/', pathNot: '\\.(integration|e2e)\\.test\\.ts$' },
      to: { path: '^services/(loop-detector|drift-detector|meter|anomaly-detector)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.depcruise.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
