/** History from CSV through the job's own operators, test then train. */
@NullMarked
package io.freshet.replay;

import org.jspecify.annotations.NullMarked;
