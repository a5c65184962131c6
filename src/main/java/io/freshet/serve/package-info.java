/**
 * The HTTP gateway, {@code freshet serve}: a process beside the job, which asks it for lists by
 * Kafka, and hands answers on.
 *
 * <pre>
 *  GET  ─▶ ListEndpoint ─▶ WaitingRequests ─▶ TopicWriter ─▶ requests
 *             ▲   ▲              ▲                              │ the job
 *             │   │              └── TopicFollower, from the end ◀── recommendations
 *             │   └ NewestLists ◀─── TopicFollower, from the beginning ◀──┘
 *             └─ BrokerWatch (can the brokers be asked?)
 *  POST ─▶ InteractionEndpoint ─▶ TopicWriter ─▶ interactions
 * </pre>
 *
 * <p>Two followers, because an answer must not wait behind a topic that is read from its beginning,
 * and because they may see different things: answers as soon as they are written, if so configured,
 * newest lists only when they are committed. Each is in the order of its topic, so nothing has to
 * be merged, and nothing older can follow a tombstone.
 *
 * <p>No thread waits for an answer. The followers complete futures, and Jetty's threads write what
 * comes of them, so that a slow client holds nobody up.
 */
@NullMarked
package io.freshet.serve;

import org.jspecify.annotations.NullMarked;
