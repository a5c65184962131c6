/** Values of attributes, as texts and as the hashes of them that models take. */
@NullMarked
package io.freshet.runtime.attribute;

import org.jspecify.annotations.NullMarked;
