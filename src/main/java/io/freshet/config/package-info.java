/** Options of every stage, and the validated records made from them. */
@NullMarked
package io.freshet.config;

import org.jspecify.annotations.NullMarked;
