/**
 * What the demo shows: events folded into figures, and figures into text. Pure; nothing here
 * depends on Kafka, Flink or a terminal.
 */
@NullMarked
package io.freshet.demo.view;

import org.jspecify.annotations.NullMarked;
