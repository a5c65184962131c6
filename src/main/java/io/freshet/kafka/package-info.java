/** What the job asks of a Kafka cluster, looked up before the job starts. */
@NullMarked
package io.freshet.kafka;

import org.jspecify.annotations.NullMarked;
