/** Per-item statistics, and the encoding of the catalog. */
@NullMarked
package io.freshet.item;

import org.jspecify.annotations.NullMarked;
