export * from './check-policies';
