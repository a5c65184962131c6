/** Per-user state, and the sequences and requests made from it. */
@NullMarked
package io.freshet.history;

import org.jspecify.annotations.NullMarked;
