/**
 * What travels between stages and on topics: records of JDK types only. Records here are add-only:
 * new components go last, and compact constructors accept null for what older state did not have.
 */
@NullMarked
package io.freshet.event;

import org.jspecify.annotations.NullMarked;
