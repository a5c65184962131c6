/** Model versions on a file system: manifest, writing, verifying, retention. */
@NullMarked
package io.freshet.store;

import org.jspecify.annotations.NullMarked;
