// All kinds of work that the fleet does.

import type { Domain } from '../world/task.js';
import { coding } from './coding.js';
import { finance } from './finance.js';
import { operations } from './operations.js';
import { pipeline } from './pipeline.js';
import { research } from './research.js';
import { shopping } from './shopping.js';
import { support } from './support.js';
import { travel } from './travel.js';

export const DOMAINS: readonly Domain[] = [travel, support, research, coding, finance, pipeline, shopping, operations];
