/** Keyed state: values that expire, and a write-back cache of those that are used often. */
@NullMarked
package io.freshet.runtime.state;

import org.jspecify.annotations.NullMarked;
