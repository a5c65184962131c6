/** CSV files of interactions and items, and a source that sends them in exact order of time. */
@NullMarked
package io.freshet.replay.input;

import org.jspecify.annotations.NullMarked;
