/**
 * Per-item statistics, and the text of items; {@link io.freshet.item.encoder} makes their content
 * vectors.
 */
@NullMarked
package io.freshet.item;

import org.jspecify.annotations.NullMarked;
