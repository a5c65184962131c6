/**
 * The gateway's side of Kafka: what it writes and reads, whether the brokers can be asked, and the
 * newest lists that were read. Without HTTP.
 */
@NullMarked
package io.freshet.serve.topic;

import org.jspecify.annotations.NullMarked;
