/**
 * What the live page shows: the gateway's memory of what is new on the topics, and the events by
 * which browsers follow it.
 *
 * <pre>
 *  topics ─▶ LivePage ─▶ NewestRecords, RecentLists, ItemCatalog (bounded)
 *               │
 *               └─▶ EventStream, one per browser: a snapshot, then what is new
 *  rollback ─▶ Rollbacks ─▶ controls … audit ─▶ an event
 * </pre>
 *
 * <p>Nothing here waits for a browser: one that reads too slowly is dropped, and comes again.
 */
@NullMarked
package io.freshet.serve.page;

import org.jspecify.annotations.NullMarked;
