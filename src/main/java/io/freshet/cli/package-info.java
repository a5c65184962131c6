/** The command line: {@code freshet demo | replay | pretrain}. */
@NullMarked
package io.freshet.cli;

import org.jspecify.annotations.NullMarked;
