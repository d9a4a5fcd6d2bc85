// Statements that bring a rollup up to its table again: what a view's own SELECT makes of the rows, less what its target holds.

import { rollupNotMendable } from './errors.js';

/** A view of a table, as the engine describes it. */
export interface RollupView {
  /** The table its rows go to. */
  readonly target: string;
  /** The view's SELECT. */
  readonly select: string;
  readonly columns: readonly RollupColumn[];
}

export interface RollupColumn {
  readonly name: string;
  readonly type: string;
  /** Part of the sorting key or of the partition's key. */
  readonly isKey: boolean;
}

/** Rows of one block in its table, and the log's time of everything that shares a month with them. */
export interface BlockRows {
  readonly database: string;
  readonly table: string;
  /** A condition on the table's columns that holds for the block's rows alone. */
  readonly isOfBlock: string;
  /** One that holds for all rows that fold with any of them. */
  readonly isNear: string;
}

/** What brings one rollup up to its table. */
export type RollupSql =
  /** Folded rows. `isSettled`: a condition on the table's columns that holds for rows whose inserts have ended. */
  | {
      readonly kind: 'sums';
      /** Yields (key hash, rows lacking) of keys that fall short of all rows: what lacks of settled rows is lost, the rest may be on its way. */
      short(isSettled: string): string;
      /** Inserts what the keys of `lost` lack of settled rows, where it is still as many. */
      insert(isSettled: string, lost: ReadonlyMap<string, number>): string;
    }
  /** One row per record, replaced by revision: inserting them again changes nothing. */
  | { readonly kind: 'copies'; readonly insert: string };

const quoted = (name: string): string => `\`${name}\``;
const isFolded = (type: string): boolean => type.startsWith('SimpleAggregateFunction');

/**
 * The difference to a view's own SELECT goes in as one insert, so that no reader ever sees a minute half made anew, and doing it
 * again finds nothing to do. Throws WK_ROLLUP where the view is of another make.
 */
export function rollupSql(view: RollupView, rows: BlockRows): RollupSql {
  const target = `${quoted(rows.database)}.${quoted(view.target)}`;
  const folded = view.columns.filter(({ type }) => isFolded(type));
  if (folded.length === 0) {
    const names = view.columns.map(({ name }) => quoted(name)).join(', ');
    return {
      kind: 'copies',
      insert: `INSERT INTO ${target} (${names}) SELECT ${names} FROM (${over(view, rows, rows.isOfBlock)})`,
    };
  }
  const keys = view.columns.filter(({ isKey }) => isKey).map(({ name }) => quoted(name));
  const counted = folded.find(({ type }) => type.startsWith('SimpleAggregateFunction(sum, UInt64)'));
  if (counted === undefined || keys.length + folded.length !== view.columns.length)
    throw rollupNotMendable(view.target, 'it holds other columns than keys and folds, or counts nothing');
  const key = `(${keys.join(', ')})`;
  const isTouched = `${key} IN (SELECT ${keys.join(', ')} FROM (${over(view, rows, rows.isOfBlock)}))`;
  const made = (condition: string): string => `(SELECT * FROM (${over(view, rows, condition)}) WHERE ${isTouched})`;
  const held = `SELECT ${keys.join(', ')}, ${folded.map(({ name, type }) => `${foldOf(view.target, type)}(t.${quoted(name)}) AS ${quoted(name)}`).join(', ')} FROM ${target} AS t WHERE ${key} IN (SELECT ${keys.join(', ')} FROM (${over(view, rows, rows.isOfBlock)})) GROUP BY ${keys.join(', ')}`;
  const both = (isSettled: string): string =>
    `${made(`${rows.isNear} AND ${isSettled}`)} AS made LEFT JOIN (${held}) AS held USING ${key}`;
  const count = quoted(counted.name);
  const hash = `toString(cityHash64(${keys.join(', ')}))`;
  const lacking = `toInt64(made.${count}) - toInt64(held.${count})`;
  const difference = ({ name, type }: RollupColumn): string => {
    const [ours, theirs] = [`made.${quoted(name)}`, `held.${quoted(name)}`];
    const fold = foldOf(view.target, type);
    if (fold === 'sum') return `${ours} - ${theirs}`;
    return fold === 'sumMap' ? `mapSubtract(${ours}, ${theirs})` : ours;
  };
  return {
    kind: 'sums',
    short: (isSettled) =>
      `SELECT hash, toString(least(lacking, lackingOfAll)) AS lacking FROM (
         SELECT ${hash} AS hash, toInt64(seen.${count}) - toInt64(held.${count}) AS lackingOfAll, toInt64(made.${count}) - toInt64(held.${count}) AS lacking
         FROM ${made(rows.isNear)} AS seen LEFT JOIN ${made(`${rows.isNear} AND ${isSettled}`)} AS made USING ${key} LEFT JOIN (${held}) AS held USING ${key}
       ) WHERE lackingOfAll > 0`,
    insert: (isSettled, lost) => {
      const list = [...lost].map(([of, by]) => `('${of}',${by})`).join(',');
      const names = [...keys, ...folded.map(({ name }) => quoted(name))].join(', ');
      const values = [...keys, ...folded.map((column, i) => `${difference(column)} AS c${i}`)].join(', ');
      return `INSERT INTO ${target} (${names}) SELECT ${values} FROM ${both(isSettled)} WHERE (${hash}, ${lacking}) IN (${list})`;
    },
  };
}

/** The view's SELECT over some rows of its table. */
function over(view: RollupView, { database, table }: BlockRows, condition: string): string {
  const name = (text: string): string => `(?:\`${text}\`|${text})`;
  const from = new RegExp(`\\bFROM ${name(database)}\\.${name(table)}(?![\\w.])`, 'g');
  if (view.select.match(from)?.length !== 1)
    throw rollupNotMendable(view.target, `its view does not read ${table} once, by its plain name`);
  const some = `FROM (SELECT * FROM ${quoted(database)}.${quoted(table)} WHERE ${condition}) AS ${quoted(table)}`;
  return view.select.replace(from, () => some);
}

function foldOf(target: string, type: string): 'sum' | 'sumMap' | 'max' | 'min' {
  const fold = /^SimpleAggregateFunction\((sum|sumMap|max|min),/.exec(type)?.[1];
  if (fold !== 'sum' && fold !== 'sumMap' && fold !== 'max' && fold !== 'min')
    throw rollupNotMendable(target, `a column is a ${type}`);
  return fold;
}
