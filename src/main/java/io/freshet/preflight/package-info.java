/** What is looked at before a job starts: options, Flink's cluster, model store and Kafka. */
@NullMarked
package io.freshet.preflight;

import org.jspecify.annotations.NullMarked;
