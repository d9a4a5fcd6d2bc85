export { auditLedger, type AuditOptions } from './audit.js';
export { ledgerOf, type Ledger, type PartitionLedger } from './ledger.js';
export { schedulerRole, schedulerSettings } from './service.js';
