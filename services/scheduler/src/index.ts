export { auditLedger, type AuditOptions } from './audit.js';
export { isClean, ledgerOf, type Ledger, type PartitionLedger, type RollupFault } from './ledger.js';
export { schedulerRole, schedulerSettings } from './service.js';
export { AUDITED, type Audited } from './audited.js';
