/** What the job asks of a Kafka cluster before it starts, and how it shows there that it runs. */
@NullMarked
package io.freshet.kafka;

import org.jspecify.annotations.NullMarked;
