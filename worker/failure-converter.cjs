'use strict';
const { DefaultFailureConverter } = require('@temporalio/common');

// Messages and stack traces become payloads, so that the payload codec encrypts them as well.
exports.failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
