export * from '../../tools/real-parsers';
