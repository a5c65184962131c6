/** The command line: {@code freshet demo | replay | pretrain | serve | …}. */
@NullMarked
package io.freshet.cli;

import org.jspecify.annotations.NullMarked;
