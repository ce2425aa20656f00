import {
  isGrpcServiceError,
  ServiceError,
  WorkflowFailedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { ApplicationFailure, NamespaceNotFoundError } from '@temporalio/common';
import { UnavailableError } from './http/errors.js';
import { IssuanceNotFound, IssuanceRefusal } from './issuance-client.js';

/** Whether the call was not answered within its deadline. */
export function isDeadline(error: unknown): boolean {
  return error instanceof WorkflowUpdateRPCTimeoutOrCancelledError || grpcCode(error) === GRPC.deadlineExceeded;
}

const GRPC = { deadlineExceeded: 4, notFound: 5 };

function grpcCode(error: unknown): number | undefined {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if (isGrpcServiceError(cause)) return cause.code;
  }
  return undefined;
}

/** Turns what the SDK throws into what endpoints know. */
export function translate(error: unknown): Error {
  if (error instanceof WorkflowUpdateFailedError || error instanceof WorkflowFailedError) {
    const { cause } = error;
    if (cause instanceof ApplicationFailure) {
      return new IssuanceRefusal(cause.type ?? 'server_error', cause.message, cause.details ?? []);
    }
    // The workflow ended (failed, terminated) before it answered.
    return new IssuanceNotFound('the issuance is over', { cause: error });
  }
  // A server that starts may not know its namespaces yet: that says nothing of the issuance.
  const away = isDeadline(error) || error instanceof NamespaceNotFoundError;
  if (!away && (error instanceof WorkflowNotFoundError || grpcCode(error) === GRPC.notFound)) {
    return new IssuanceNotFound('there is no such issuance', { cause: error });
  }
  if (away || error instanceof ServiceError || grpcCode(error) !== undefined) {
    return new UnavailableError('the issuance service is not available at the moment; try again', { cause: error });
  }
  return error instanceof Error ? error : new Error('unknown failure', { cause: error });
}
