/** The job's demands on a Kafka cluster, checked before the job starts. */
@NullMarked
package io.freshet.kafka;

import org.jspecify.annotations.NullMarked;
