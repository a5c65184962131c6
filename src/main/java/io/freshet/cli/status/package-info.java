/** {@code freshet status}: whether a job is well, and where to read on if it is not. */
@NullMarked
package io.freshet.cli.status;

import org.jspecify.annotations.NullMarked;
