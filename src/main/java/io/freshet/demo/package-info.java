/** The main job on an embedded broker and cluster, fed by a generated shop. */
@NullMarked
package io.freshet.demo;

import org.jspecify.annotations.NullMarked;
