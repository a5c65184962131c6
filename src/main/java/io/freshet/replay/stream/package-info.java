/** Sequences that enter a replay's job in their order, with exact watermarks. */
@NullMarked
package io.freshet.replay.stream;

import org.jspecify.annotations.NullMarked;
