/** The operator that gives the catalog's items their content vectors, on a thread of its own. */
@NullMarked
package io.freshet.item.encoder;

import org.jspecify.annotations.NullMarked;
