/**
 * Flink's state: keyed values that expire, a write-back cache of those that are used often, and
 * long lists.
 */
@NullMarked
package io.freshet.runtime.state;

import org.jspecify.annotations.NullMarked;
