/** CSV files that are read strictly: what is wrong with one is said with its line. */
@NullMarked
package io.freshet.replay.input.csv;

import org.jspecify.annotations.NullMarked;
