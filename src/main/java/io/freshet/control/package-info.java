/**
 * Control messages: each is admitted once ({@link io.freshet.control.ControlAdmissionFunction}),
 * carried out by the stages that it concerns, and answered once ({@link
 * io.freshet.control.AuditFunction}).
 */
@NullMarked
package io.freshet.control;

import org.jspecify.annotations.NullMarked;
