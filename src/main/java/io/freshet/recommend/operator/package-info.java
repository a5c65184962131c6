/** The recommender in Flink: batching, event time, state, and the pursuit of the live model. */
@NullMarked
package io.freshet.recommend.operator;

import org.jspecify.annotations.NullMarked;
